require ["variables","include"]; if string :matches "inner" "i*" { }
