// A page that is opened as a file may not read others, so that search shows titles alone there
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
