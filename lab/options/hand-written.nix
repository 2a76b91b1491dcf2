# What a person wrote by hand: plain, forced, suggested.
{ lib, ... }:
{
  services.web.enable = lib.mkDefault true;
  services.web.hosts = [ "hand.example.org" ];
  services.web.user = "nobody";
  services.web.mode = lib.mkForce "safe";
}
