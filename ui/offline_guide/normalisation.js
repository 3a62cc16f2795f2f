// The functions of logic/core/normalisation.py, with its tables: {same, ignored}. Both are tested with
// tests/support/normalisation.jsonl.
"use strict";
function normalisation({ same, ignored }) {
  const withoutMeaning = new RegExp(`[${ignored}]`, "gu");
  const compatible = (letter) => (/\p{No}/u.test(letter) ? letter : letter.normalize("NFKC"));
  function normalise(text) {
    const composed = [...text].map(compatible).join("").normalize("NFC");
    const folded = [...composed].map((letter) => same[letter] ?? letter).join("");
    return folded.replace(withoutMeaning, "").replace(/\s+/gu, " ").trim();
  }
  const comparisonKey = (text) =>
    normalise(text)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, "");
  return { normalise, comparisonKey };
}
