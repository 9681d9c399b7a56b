import { answerSamples } from "./answer-samples.ts";
import { deliverySamples } from "./delivery-samples.ts";

export const samples = [...deliverySamples, ...answerSamples];
