"""What huggingface_hub makes of environment variables, for tests/hub/reference_settings_test.ts.

Reads a JSON list of environments from stdin; prints for each what the hub's client would use, or its error.
With "names": prints the variables that the package's source reads.
"""

import importlib
import json
import os
import re
import sys
from pathlib import Path

from huggingface_hub import constants, file_download
from huggingface_hub.utils import _auth, _headers

KEPT = dict(os.environ)


def settings(env):
    os.environ.clear()
    os.environ.update({name: KEPT[name] for name in ("PATH",) if name in KEPT})
    os.environ.update(env)
    importlib.reload(constants)
    _auth._OAUTH_REFRESH_CACHE = None
    headers = _headers.build_hf_headers()
    agent = headers["user-agent"].split("; origin/")
    return {
        "endpoint": constants.ENDPOINT,
        "cacheFolder": os.path.abspath(constants.HF_HUB_CACHE),
        "token": headers.get("authorization", "Bearer ")[len("Bearer "):] or None,
        "offline": constants.HF_HUB_OFFLINE,
        "origin": agent[1] if len(agent) == 2 else None,
        "symlinks": not constants.HF_HUB_DISABLE_SYMLINKS,
        "answer": int(os.environ.get("HF_HUB_ETAG_TIMEOUT") or 0) * 1000,
        "idle": int(os.environ.get("HF_HUB_DOWNLOAD_TIMEOUT") or 0) * 1000,
        "quiet": constants.HF_HUB_DISABLE_PROGRESS_BARS is True,
    }


def answer(env):
    try:
        return settings(env)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def names():
    sources = Path(constants.__file__).parent.rglob("*.py")
    pattern = r'''(?:environ|getenv)(?:\.get)?[(\[]\s*["']([A-Z0-9_]+)'''
    return sorted({name for path in sources for name in re.findall(pattern, path.read_text())})


if __name__ == "__main__":
    print(json.dumps(names() if sys.argv[1:] == ["names"] else [answer(env) for env in json.load(sys.stdin)]))
