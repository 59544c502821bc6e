"""The invented sample company of the demo."""
