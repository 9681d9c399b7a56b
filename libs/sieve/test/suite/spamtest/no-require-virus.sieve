if virustest "1" { keep; }
