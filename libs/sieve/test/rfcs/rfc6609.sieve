require ["include", "variables", "fileinto"];
# RFC 6609 §3.2, §3.3, §3.4.1, §3.4.2
global "folder";
include :once "lists";
include :once "lists";
include :global :optional "company";
if not string "${folder}" "" { fileinto "${folder}"; }
