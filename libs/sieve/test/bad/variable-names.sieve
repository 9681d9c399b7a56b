require "variables";
set "1" "a";
set "my name" "b";
set "global.x" "c";
set "d" "${env.home} ${99}";
