"""Where the kernels run when one process is not enough: account shards on Dask workers, and batches of Arrow for Spark."""
