/// <reference lib="dom" />
// Guess first: in the place of the bars, until a guess of what comes next is written.
import { useState } from "preact/hooks";
import { createGuesses, guessWords } from "../../lib/explorer/teach/guesses.ts";
import type { TeachingStore } from "../../lib/explorer/teach/teaching_store.ts";
import type { Stores } from "../../lib/explorer/stores/stores.ts";
import { ActionButton } from "../ActionButton.tsx";

interface GuessPanelProps {
  readonly stores: Stores;
  readonly teaching: TeachingStore;
  readonly onPin: (id: number, pinned: boolean) => void;
}

function Submit({ working, enabled }: { working: boolean; enabled: boolean }) {
  return (
    <button type="submit" class="btn primary" aria-disabled={enabled && !working ? undefined : true}>
      {working ? "Looking…" : "Guess"}
    </button>
  );
}

export function GuessPanel({ stores, teaching, onPin }: GuessPanelProps) {
  const [typed, setTyped] = useState("");
  const guesses = stores.late(createGuesses);
  const working = guesses.working.value;
  const guess = async (event: Event) => {
    event.preventDefault();
    if (typed.trim() === "") return;
    const found = await guesses.lookUp(typed);
    if (found === null) return;
    onPin(found.guess.id, true);
    teaching.reveal(found.place);
    teaching.say(guessWords(found.guess));
  };
  return (
    <form class="guess" onSubmit={guess}>
      <p class="guess-title">
        <label for="guess">What comes next?</label>
      </p>
      <div class="guess-row">
        <input
          id="guess"
          class="field"
          type="text"
          dir="auto"
          autocomplete="off"
          spellcheck={false}
          placeholder="A word, or the beginning of one"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <Submit working={working} enabled={typed.trim() !== ""} />
      </div>
      {guesses.problem.value !== "" && <p class="chat-error" role="alert">{guesses.problem.value}</p>}
      <ActionButton class="btn quiet sm" onPress={() => teaching.revealHere()}>
        Show the bars without a guess
      </ActionButton>
    </form>
  );
}
