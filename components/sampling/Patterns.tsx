// The patterns of bars, defined once on the page: stripes for the tokens without a row, hatching for what is removed,
// coloured stripes for what speaks for the other token.
export function Patterns() {
  return (
    <svg class="defs" aria-hidden="true" width="0" height="0">
      <pattern id="stripes" width="4" height="8" patternUnits="userSpaceOnUse">
        <rect class="stripe" width="2" height="8" />
      </pattern>
      <pattern id="attr-stripes" width="5" height="8" patternUnits="userSpaceOnUse">
        <rect class="attr-stripe" width="3" height="8" />
      </pattern>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-line" width="1.5" height="6" />
      </pattern>
      <pattern
        id="hatch-fine"
        width="4"
        height="4"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="hatch-line" width="1.4" height="4" />
      </pattern>
    </svg>
  );
}
