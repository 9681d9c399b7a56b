"""Drives python3-sievelib: PORT CA USER PASSWORD. Prints one line for each step."""
import ssl
import sys

from sievelib import managesieve

port, ca, user, password = sys.argv[1:5]
context = ssl.create_default_context(cafile=ca)
# The library itself checks no certificate: here it must be the one of the test.
ssl.wrap_socket = lambda sock, *_: context.wrap_socket(sock, server_hostname="localhost")

client = managesieve.Client("localhost", int(port))
print("connect", client.connect(user, password, starttls=True, authmech="PLAIN"))
print("implementation", client.get_implementation())
print("extensions", "fileinto" in client.get_sieve_capabilities())
print("havespace", client.havespace("règles", 100))
print("put", client.putscript("règles", 'require "fileinto";\r\nfileinto "Café";\r\n'))
print("put bad", client.putscript("bad", "kep;"))
print("error", b"error" in client.errmsg)
print("check", client.checkscript("keep;"))
print("setactive", client.setactive("règles"))
print("list", client.listscripts())
print("get", repr(client.getscript("règles")))
print("rename", client.renamescript("règles", "rules"))
print("delete active", client.deletescript("rules"))
print("deactivate", client.setactive(""))
print("delete", client.deletescript("rules"))
print("list", client.listscripts())
client.logout()
