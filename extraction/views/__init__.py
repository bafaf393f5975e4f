"""What people see of extraction, one module per noun."""
