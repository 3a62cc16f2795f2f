"""Input that a page must show as text."""

MARKUP = "<img src=x onerror=\"window.khRun='yes'\"><script>window.khRun='yes'</script>"
