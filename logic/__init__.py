"""Rules as code, with receipts: pure functions over dated tables, every figure with its clause."""
