# A web server that answers with one status.
{ config, lib, ... }:
let
  inherit (lib) mkIf mkOption types;
  web = config.services.web;
  taken = if web.port == 22 then { by = "the SSH server"; } else { };
in
{
  options.services.web = {
    enable = lib.mkEnableOption "the shop's web server";
    port = mkOption { type = types.port; default = 8080; description = "Where it listens."; };
    status = mkOption { type = types.ints.between 100 599; default = 200; description = "What it answers."; };
    hosts = mkOption { type = types.listOf types.str; default = [ ]; example = [ "example.org" ]; description = "Names it answers to."; };
    extra = mkOption { type = types.lines; default = ""; description = "Lines for its own configuration."; };
  };

  config = {
    systemd.units = mkIf web.enable {
      "shop-web.service" = {
        wantedBy = [ "multi-user.target" ];
        Unit.Description = "Shop";
        Service = { ExecStart = "/usr/bin/perl ${../recipes/scripts/web.pl} ${toString web.status} ${toString web.port}"; Restart = "always"; };
      };
    };
    lab.files = mkIf (web.extra != "") { "shop/web.conf" = web.extra; };
    # As many of nixpkgs: the message makes sense only where it is needed.
    assertions = [{ assertion = web.enable -> !(taken ? by); message = "services.web.port: port 22 is taken by ${taken.by}."; }];
  };
}
