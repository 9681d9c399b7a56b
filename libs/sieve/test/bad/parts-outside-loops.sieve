require ["mime", "foreverypart", "extracttext", "variables", "replace", "convert"];
extracttext "text";
break;
foreverypart { break :name "outer"; }
if header :type "content-type" "text" { replace :mime :subject "x" "y"; }
convert "image/png" "image/gif" "pix-x=100";
