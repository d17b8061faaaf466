"""lm-evaluation-harness against a server, once with each tokenizer: prints one JSON line a run.

Usage: lm_eval_run.py URL MODEL TASKS_FOLDER TOKENIZER... ("remote", or "huggingface,tokenizer=FOLDER").
"""
import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", OPENAI_API_KEY="")
url, model, tasks, *tokenizers = sys.argv[1:]
os.chdir(tasks)

import lm_eval  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

manager = TaskManager(include_path=tasks, include_defaults=False)
for tokenizer in tokenizers:
    arguments = f"base_url={url}/v1/completions,model={model},max_length=2048,tokenizer_backend={tokenizer}"
    results = lm_eval.simple_evaluate(
        model="local-completions",
        model_args=arguments,
        tasks=["next_token_choice", "next_token_generate"],
        task_manager=manager,
        log_samples=True,
        bootstrap_iters=0,
    )
    samples = [{"task": task, "arguments": sample["arguments"], "answers": sample["resps"]}
               for task, each in results["samples"].items() for sample in each]
    scores = {task: {k: v for k, v in values.items() if isinstance(v, float)}
              for task, values in results["results"].items()}
    print(json.dumps({"samples": samples, "scores": scores}))
