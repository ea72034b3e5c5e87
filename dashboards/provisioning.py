"""What Grafana reads at its start: where Prometheus is, and which folder each folder of boards is shown as."""

from dashboards.boards import FOLDERS

#: Where the compose file mounts the boards.
MOUNTED = "/etc/ioc/boards"


def datasources() -> dict[str, object]:
    """The one source of figures; boards ask for it by their variable."""
    prometheus = {
        "name": "Prometheus",
        "uid": "prometheus",
        "type": "prometheus",
        "access": "proxy",
        "url": "http://prometheus:9090",
        "isDefault": True,
        "editable": False,
        # As often as Prometheus looks: the least that a rate can be taken over follows from it.
        "jsonData": {"timeInterval": "5s", "httpMethod": "POST"},
    }
    return {"apiVersion": 1, "datasources": [prometheus]}


def dashboards() -> dict[str, object]:
    """The folders, read again when files change; nobody can change a board in Grafana."""
    providers = [
        {
            "name": f"ioc-{name}",
            "folder": title.vi,
            "folderUid": f"ioc-{name}",
            "type": "file",
            "allowUiUpdates": False,
            "disableDeletion": True,
            "updateIntervalSeconds": 60,
            "options": {"path": f"{MOUNTED}/{name}"},
        }
        for name, title in FOLDERS.items()
    ]
    return {"apiVersion": 1, "providers": providers}
