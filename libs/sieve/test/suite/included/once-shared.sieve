require ["include","variables","fileinto"]; global "m"; if string "${m}" "" { set "m" "set"; fileinto "First"; } else { fileinto "Again"; }
