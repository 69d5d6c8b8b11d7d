"""One thread of linear algebra a process: the matrices here are small.

Threads that wait for one another double the processor time of one process; two processes with two
threads each were measured ten times as slow. The setting is read when numpy is loaded.
"""

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
