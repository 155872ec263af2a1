"""Jobs: train and evaluate as steps that the command line, and later a cluster, run one by one."""
