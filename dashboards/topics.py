"""Every topic of a space as Kafka must hold it, for those who create topics with tools of their own."""

from dashboards.declared import Platform


def document(platform: Platform) -> dict[str, object]:
    """Names begin with the space's; ``ioc topics apply`` does the same."""
    return {
        "topics": [
            {"name": shape.name, "partitions": shape.partitions, "config": dict(shape.config)}
            for shape in platform.shapes
        ]
    }
