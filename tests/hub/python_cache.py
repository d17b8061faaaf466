"""What Python's huggingface_hub reads from and writes to a cache, for tests/hub/python_test.ts.

python_cache.py read ID      offline: prints {"files": {path: sha256}, "scan": {...}} of the cache in HF_HUB_CACHE
python_cache.py scan         prints what scan_cache_dir warns of
python_cache.py write ID [REVISION [FILE...]]
                             fetches the repository, or FILEs of it, from HF_ENDPOINT into the cache in HF_HUB_CACHE;
                             prints the snapshot's folder, or the kind of error that there is
python_cache.py refuse ID…   prints the kind of error that fetching each of them ends with
python_cache.py absent ID FILE…
                             fails unless the cache knows that ID lacks FILEs; where it does not, HF_ENDPOINT is asked
python_cache.py share ID     moves the large blobs of ID into the store that the cache's repositories share, as a
                             download by Python's own protocol does; a blob that is in the store becomes a link
"""

import hashlib
import json
import sys
from glob import escape
from pathlib import Path

from huggingface_hub import (
    _CACHED_NO_EXIST, hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache)
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError
from huggingface_hub.utils._shared_blobs import publish_blob_to_shared_store, try_link_from_shared_store


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def read(repository):
    folder = Path(snapshot_download(repository))
    files = {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*") if path.is_file()}
    for name, expected in files.items():
        assert sha256(hf_hub_download(repository, name)) == expected, name
        assert isinstance(try_to_load_from_cache(repository, name), str), name
        by_commit = hf_hub_download(repository, name, revision=folder.name)
        assert sha256(by_commit) == expected, name
    scan = scan_cache_dir()
    print(json.dumps({
        "files": files,
        "commit": folder.name,
        "warnings": [str(warning) for warning in scan.warnings],
        "repositories": [entry.repo_id for entry in scan.repos],
        "refs": [ref for entry in scan.repos for ref in entry.refs],
    }))


def write(repository, revision="main", *files):
    try:
        print(snapshot_download(repository, revision=revision, allow_patterns=[escape(name) for name in files] or None))
    except HfHubHTTPError as error:
        print(f"{type(error).__name__} {error.response.status_code}")


def refuse(*repositories):
    kinds = {}
    for repository in repositories:
        try:
            snapshot_download(repository)
        except Exception as error:
            cause = error.__cause__ if isinstance(error, LocalEntryNotFoundError) else None
            kinds[repository] = type(cause or error).__name__
    print(json.dumps(kinds))


def absent(repository, *files):
    for name in files:
        if try_to_load_from_cache(repository, name) is not _CACHED_NO_EXIST:
            try:
                hf_hub_download(repository, name)
            except EntryNotFoundError:
                pass
        assert try_to_load_from_cache(repository, name) is _CACHED_NO_EXIST, name


def share(repository):
    for blob in (Path(HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}" / "blobs").iterdir():
        if len(blob.name) == 64:
            options = {"xet_hash": blob.name, "cache_dir": HF_HUB_CACHE, "expected_size": blob.stat().st_size}
            assert try_link_from_shared_store(blob_path=str(blob), **options) or publish_blob_to_shared_store(
                blob_path=str(blob), **options)
            assert blob.is_symlink()


def scan():
    print(json.dumps([str(warning) for warning in scan_cache_dir().warnings]))


if __name__ == "__main__":
    {"read": read, "write": write, "scan": scan, "share": share, "refuse": refuse, "absent": absent}[sys.argv[1]](*sys.argv[2:])
