"""What a look at a running installation means: findings in sentences, with what to do. Looking is in ``streams``."""
