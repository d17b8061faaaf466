// The least that a program of transformers.js does to answer once: load, read a prompt, one run, softmax. The bench
// part `start` times it beside the product's own start. The package is named by the caller, so that it is fetched when
// the bench first asks for it and is no dependency of anything else.
const [specifier, models, id, text] = Deno.args;
const { AutoModelForCausalLM, AutoTokenizer, env } = await import(specifier);
env.allowRemoteModels = false;
env.localModelPath = models;
const [tokenizer, model] = await Promise.all([
  AutoTokenizer.from_pretrained(id),
  AutoModelForCausalLM.from_pretrained(id, { dtype: "q4", device: "cpu" }),
]);
const { logits } = await model(tokenizer(text));
const width = logits.dims.at(-1);
const last = logits.data.subarray(logits.data.length - width);
const max = last.reduce((most, value) => Math.max(most, value), -Infinity);
const sum = last.reduce((total, value) => total + Math.exp(value - max), 0);
console.log(last.indexOf(max), 1 / sum); // the most probable token and its probability
Deno.exit(0);
