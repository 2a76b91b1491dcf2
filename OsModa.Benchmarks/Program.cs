Console.Error.WriteLine("usage: bench NAME");
return 1;
