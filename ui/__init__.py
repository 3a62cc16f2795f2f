"""What the pages share: texts, fields, numbers out, the answer card and the frame around them."""
