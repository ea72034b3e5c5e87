"""Events by source, one module each: what can be said, and the topic it travels on."""
