"""What is measured: one module a job, each with its goals."""
