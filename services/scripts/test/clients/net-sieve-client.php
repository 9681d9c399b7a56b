<?php
// Drives php-net-sieve, which is Roundcube's: PORT CA USER PASSWORD. Prints one line for each step.
error_reporting(E_ALL & ~E_DEPRECATED);
require_once "Net/Sieve.php";

[, $port, $ca, $user, $password] = $argv;
$options = ["ssl" => ["cafile" => $ca, "verify_peer" => true, "verify_peer_name" => true, "peer_name" => "localhost"]];

function step($name, $result)
{
    echo "$name ", $result instanceof PEAR_Error ? "no: " . strtok($result->getMessage(), "\n") : json_encode($result), "\n";
}

$sieve = new Net_Sieve();
step("connect", $sieve->connect("localhost", (int) $port, $options, true));
step("login", $sieve->login($user, $password, "PLAIN", "", false));
step("extensions", in_array("FILEINTO", $sieve->getExtensions()));
step("havespace", $sieve->haveSpace("main", 100));
step("install", $sieve->installScript("main", "require \"fileinto\";\r\nfileinto \"A\";\r\n", true));
step("install bad", $sieve->installScript("bad", "kep;"));
step("list", $sieve->listScripts());
step("active", $sieve->getActive());
// It keeps the line end that follows the literal.
step("get", substr($sieve->getScript("main"), 0, -2));
step("remove active", $sieve->removeScript("main"));
step("deactivate", $sieve->setActive(""));
step("remove", $sieve->removeScript("main"));
step("disconnect", $sieve->disconnect());
