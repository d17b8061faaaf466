"""What Python's huggingface_hub reads from and writes to a cache, for tests/hub/python_test.ts.

python_cache.py read ID      offline: prints {"files": {path: sha256}, "scan": {...}} of the cache in HF_HUB_CACHE
python_cache.py scan         prints what scan_cache_dir warns of
python_cache.py write ID     fetches the repository from HF_ENDPOINT into the cache in HF_HUB_CACHE
"""

import hashlib
import json
import sys
from pathlib import Path

from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache


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


def write(repository):
    snapshot_download(repository)


def scan():
    print(json.dumps([str(warning) for warning in scan_cache_dir().warnings]))


if __name__ == "__main__":
    {"read": read, "write": write, "scan": scan}[sys.argv[1]](*sys.argv[2:])
