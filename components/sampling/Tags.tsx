/// <reference lib="dom" />
// A list of short values in one box: Enter adds one, Backspace in the empty field takes the last away.
import { X } from "../icons.ts";
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

export interface Tag {
  readonly key: string;
  readonly content: ComponentChildren;
  /** How the tag is said. */
  readonly spoken: string;
}

interface TagsProps {
  readonly id: string;
  readonly label: string;
  readonly tip: string;
  readonly placeholder: string;
  readonly tags: readonly Tag[];
  /** Takes what was typed; a sentence says why it cannot. */
  readonly onAdd: (text: string) => string | null;
  readonly onRemove: (index: number) => void;
}

/** What the keys in the field do, and why the last text was refused. */
function useTags({ tags, onAdd, onRemove }: TagsProps) {
  const [error, setError] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const add = () => {
    const text = box.current?.value ?? "";
    if (text === "") return setError("");
    const refused = onAdd(text);
    setError(refused ?? "");
    if (refused === null && box.current) box.current.value = "";
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && box.current?.value === "" && tags.length > 0) {
      onRemove(tags.length - 1);
    }
  };
  const remove = (index: number) => {
    onRemove(index);
    box.current?.focus();
  };
  return { box, error, forgetError: () => setError(""), onKeyDown, remove };
}

export function Tags(props: TagsProps) {
  const { id, label, tip, placeholder, tags } = props;
  const { box, error, forgetError, onKeyDown, remove } = useTags(props);
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      <div class="tags">
        {tags.map((tag, at) => (
          <span class="tag" key={tag.key}>
            <span aria-hidden="true">{tag.content}</span>
            <button type="button" aria-label={`Remove ${tag.spoken}`} onClick={() => remove(at)}>
              <X size={11} strokeWidth={2} />
            </button>
          </span>
        ))}
        <input
          id={id}
          ref={box}
          class="bare"
          dir="auto"
          data-tip={tip}
          placeholder={placeholder}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={error === "" ? undefined : true}
          aria-describedby={error === "" ? undefined : `${id}-error`}
          onKeyDown={onKeyDown}
          onInput={forgetError}
        />
      </div>
      {error !== "" && <p class="field-error" id={`${id}-error`} role="alert">{error}</p>}
    </div>
  );
}
