require ["variables"];
set "signature" text:
Best regards
