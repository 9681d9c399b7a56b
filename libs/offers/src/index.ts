export { abilitiesOf, type UnknownServer } from "./abilities-of.ts";
export { type AccountToCompileFor, compileForAccount } from "./compile-for-account.ts";
export { existingFolders } from "./existing-folders.ts";
export { type GlobalScripts, openGlobalScripts } from "./global-scripts.ts";
export { type IncludedTexts, includedTexts, type ReadScript } from "./included-texts.ts";
export { type Means, readMeans } from "./means.ts";
export { type Offer, type Offers, openOffers, serverOf } from "./open-offers.ts";
