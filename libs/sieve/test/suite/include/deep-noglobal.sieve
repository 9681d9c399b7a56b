require ["include","variables","fileinto"];
set "x" "main"; include "globals"; if string "${y}" "" { fileinto "Empty"; } fileinto "${global.y}";
