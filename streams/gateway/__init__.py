"""The gateway: devices' messages by HTTP and MQTT, made readings, put on Kafka. What cannot be read is kept."""
