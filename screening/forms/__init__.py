"""Forms, one module per noun: what people may send, and how it is said when it can not stand."""
