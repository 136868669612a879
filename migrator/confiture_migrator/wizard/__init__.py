"""The guided run: shows, asks, and calls the executors that the commands call. It carries nothing out itself."""
