"""What is shown: Grafana and Prometheus files from declarations, and the live wall."""
