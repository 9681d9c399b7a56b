require ["include", "variables"];
include "${a}";
