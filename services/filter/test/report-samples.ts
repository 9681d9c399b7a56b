import { answerSamples } from "./answer-samples.ts";
import { deliverySamples } from "./delivery-samples.ts";
import { oddSamples } from "./odd-samples.ts";

export const samples = [...deliverySamples, ...answerSamples, ...oddSamples];
