import type { Remark } from "./finding.ts";

const renew = {
  en: "renew it: the service reads it again by itself",
  fr: "le renouveler : le service le relit de lui-même",
} as const;

/** What every service's doctor finds. */
export const remarks = {
  certificate: { en: "the certificate is good until {until}", fr: "le certificat est valable jusqu'au {until}" },
  "certificate-unusable": {
    en: "the certificate or its key cannot be used: {problem}",
    fr: "le certificat ou sa clé est inutilisable : {problem}",
    mend: {
      en: "name a certificate and its own key in {section}.cert_file and {section}.key_file",
      fr: "indiquer un certificat et sa propre clé dans {section}.cert_file et {section}.key_file",
    },
  },
  "certificate-ends": {
    en: "the certificate ends in {days} days, at {until}",
    fr: "le certificat expire dans {days} jours, le {until}",
    mend: renew,
  },
  "certificate-ended": {
    en: "the certificate ended at {until}",
    fr: "le certificat a expiré le {until}",
    mend: renew,
  },
  config: { en: "{file} is valid", fr: "{file} est valable" },
  "config-accounts": { en: "{file} is valid, {accounts} accounts", fr: "{file} est valable, {accounts} comptes" },
  nats: {
    en: "nats-server {version} at {where}, round trip {ms} ms",
    fr: "nats-server {version} sur {where}, aller-retour {ms} ms",
  },
  "nats-unusable": {
    en: "NATS at {where} cannot be used: {problem}",
    fr: "NATS sur {where} est inutilisable : {problem}",
    mend: { en: "see nats in tamis.yaml", fr: "voir nats dans tamis.yaml" },
  },
  "nats-down": {
    en: "no connection to {where} within {seconds} s",
    fr: "pas de connexion à {where} en {seconds} s",
    mend: {
      en: "start nats-server with JetStream (-js), or mend nats.servers, user and password in tamis.yaml",
      fr: "démarrer nats-server avec JetStream (-js), ou corriger nats.servers, user et password dans tamis.yaml",
    },
  },
  "state-folder": { en: "{folder} can be written", fr: "{folder} est accessible en écriture" },
  "state-folder-closed": {
    en: "{folder} cannot be written: {code}",
    fr: "{folder} n'est pas accessible en écriture : {code}",
    mend: {
      en: "give it to the user Tamis runs as, or name another state_dir",
      fr: "la donner à l'utilisateur sous lequel tourne Tamis, ou indiquer un autre state_dir",
    },
  },
  collector: { en: "a collector answers at {endpoint}", fr: "un collecteur répond sur {endpoint}" },
  "collector-down": {
    en: "no collector answers at {endpoint}",
    fr: "aucun collecteur ne répond sur {endpoint}",
    mend: {
      en: "start it, or take telemetry.otlp out of tamis.yaml: mail is sorted all the same",
      fr: "le démarrer, ou retirer telemetry.otlp de tamis.yaml : le courrier est trié de toute façon",
    },
  },
  late: {
    en: "no answer within {seconds} s",
    fr: "pas de réponse en {seconds} s",
    mend: {
      en: "look at what the findings above say of the servers",
      fr: "voir ce que les lignes ci-dessus disent des serveurs",
    },
  },
  failed: {
    en: "could not be examined: {problem}",
    fr: "l'examen a échoué : {problem}",
    mend: { en: "see the error log above", fr: "voir le journal d'erreurs ci-dessus" },
  },
} as const satisfies Readonly<Record<string, Remark>>;
