"""Rules about how engines are configured."""
