require ["include","variables"]; global ["x","y"]; set "y" "from-${x}"; set "z" "local";
