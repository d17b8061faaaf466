// The marks of the two sides: A plain, B in stripes, so that they differ without colour.
export function Mark({ side }: { side: "a" | "b" }) {
  return (
    <svg class="attr-mark" width="11" height="10" aria-hidden="true">
      <rect class={`attr-${side}`} width="11" height="10" rx="1" />
    </svg>
  );
}
