keep; %
