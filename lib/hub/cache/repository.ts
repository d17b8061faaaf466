// A repository of the hub: what is fetched from it, and what the cache keeps of it. Types only.
import type { ListedFile } from "../folder/types.ts";

/** One file of a repository. `etag`: 64 hex digits = SHA-256 of the content, 40 = git's SHA-1 of the blob. */
export interface RepositoryFile extends ListedFile {
  readonly etag: string;
}

export interface Repository {
  readonly id: string;
  readonly revision: string; // as it was asked for: a branch, a tag or a commit
  readonly commit: string; // 40 hex digits
  readonly license: string | null;
  /** The folder of the repository that holds the model, with "/" at its end; absent: the repository itself. */
  readonly inside?: string;
  readonly files: readonly RepositoryFile[]; // relative to it
}
