import { problemTable } from "../../test/decide.ts";

const head = 'require ["vacation", "vacation-seconds"]; ';

problemTable("vacation :seconds", [
  { script: `${head}vacation :seconds 7200 "a";`, want: [] },
  { script: `${head}vacation :seconds 0 "a";`, want: ["1:61 warning period-adjusted"] },
  { script: `${head}vacation :seconds 7200 :days 2 "a";`, want: ["1:61 error tags-exclusive"] },
  { script: 'require "vacation-seconds"; vacation "a";', want: [] },
]);
