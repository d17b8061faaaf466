"""lm-evaluation-harness against a server: prints each request's answer as one JSON line, the scores last.

Usage: lm_eval_run.py URL MODEL TASKS_FOLDER TOKENIZER (a folder with a tokenizer for the backend "huggingface",
or "remote").
"""
import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", OPENAI_API_KEY="")
url, model, tasks, tokenizer = sys.argv[1:]
os.chdir(tasks)

import lm_eval  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

arguments = f"base_url={url}/v1/completions,model={model},max_length=2048,tokenizer_backend={tokenizer}"
results = lm_eval.simple_evaluate(
    model="local-completions",
    model_args=arguments,
    tasks=["next_token_choice", "next_token_generate"],
    task_manager=TaskManager(include_path=tasks, include_defaults=False),
    log_samples=True,
    bootstrap_iters=0,
)
for task, samples in results["samples"].items():
    for sample in samples:
        print(json.dumps({"task": task, "arguments": sample["arguments"], "answers": sample["resps"]}))
print(json.dumps({task: {k: v for k, v in scores.items() if isinstance(v, float)}
                  for task, scores in results["results"].items()}))
